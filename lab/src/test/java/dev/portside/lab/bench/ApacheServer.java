package dev.portside.lab.bench;

import java.nio.file.Path;
import java.util.List;
import org.apache.ftpserver.ConnectionConfigFactory;
import org.apache.ftpserver.DataConnectionConfigurationFactory;
import org.apache.ftpserver.FtpServerFactory;
import org.apache.ftpserver.ftplet.FtpException;
import org.apache.ftpserver.ftplet.UserManager;
import org.apache.ftpserver.listener.ListenerFactory;
import org.apache.ftpserver.ssl.SslConfigurationFactory;
import org.apache.ftpserver.usermanager.ClearTextPasswordEncryptor;
import org.apache.ftpserver.usermanager.PropertiesUserManagerFactory;
import org.apache.ftpserver.usermanager.impl.BaseUser;
import org.apache.ftpserver.usermanager.impl.ConcurrentLoginPermission;
import org.apache.ftpserver.usermanager.impl.WritePermission;

/**
 * Apache FtpServer in a process of its own, with the file system of the machine and one user. Its queue of connections
 * that it has not accepted is of 50, and cannot be changed.
 */
final class ApacheServer {
    private static final int CLIENTS = 20_000;
    /** A transfer holds a thread; idle sessions need none. */
    private static final int THREADS = 512;

    private static final int DAY = 86_400;

    private ApacheServer() {}

    /** Takes the port, the home directory, and a PKCS#12 file with the key if TLS is offered; runs until it is killed. */
    public static void main(String... arguments) throws FtpException {
        DataConnectionConfigurationFactory data = new DataConnectionConfigurationFactory();
        data.setIdleTime(DAY);
        ListenerFactory listener = new ListenerFactory();
        listener.setServerAddress(Site.HOST);
        listener.setPort(Integer.parseInt(arguments[0]));
        listener.setIdleTimeout(DAY);
        if (arguments.length > 2) {
            SslConfigurationFactory tls = new SslConfigurationFactory();
            tls.setKeystoreFile(Path.of(arguments[2]).toFile());
            tls.setKeystoreType("PKCS12");
            tls.setKeystorePassword(Site.PASSWORD);
            tls.setSslProtocol("TLSv1.2", "TLSv1.3");
            listener.setSslConfiguration(tls.createSslConfiguration());
            data.setSslConfiguration(tls.createSslConfiguration());
        }
        listener.setDataConnectionConfiguration(data.createDataConnectionConfiguration());

        ConnectionConfigFactory limits = new ConnectionConfigFactory();
        limits.setMaxLogins(CLIENTS);
        limits.setMaxThreads(THREADS);
        limits.setLoginFailureDelay(0);
        FtpServerFactory server = new FtpServerFactory();
        server.addListener("default", listener.createListener());
        server.setConnectionConfig(limits.createConnectionConfig());
        server.setUserManager(users(arguments[1]));
        server.createServer().start();
    }

    private static UserManager users(String home) throws FtpException {
        PropertiesUserManagerFactory factory = new PropertiesUserManagerFactory();
        factory.setPasswordEncryptor(new ClearTextPasswordEncryptor());
        UserManager users = factory.createUserManager();
        BaseUser user = new BaseUser();
        user.setName(Site.USER);
        user.setPassword(Site.PASSWORD);
        user.setHomeDirectory(home);
        user.setMaxIdleTime(DAY);
        user.setAuthorities(List.of(new WritePermission(), new ConcurrentLoginPermission(CLIENTS, CLIENTS)));
        users.save(user);
        return users;
    }
}
