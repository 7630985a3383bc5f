package dev.portside.transport;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.PSSParameterSpec;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKey;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import org.jspecify.annotations.Nullable;

/** Private keys out of PEM blocks. */
final class PrivateKeys {
    private PrivateKeys() {}

    static PrivateKey read(Pem block, char @Nullable [] password) throws IOException {
        String file = block.source();
        if (block.isEncryptedTheOldWay()) {
            throw new IOException(file + ": the private key is encrypted in the old way of OpenSSL; " + convert(file));
        }
        byte[] der = block.der();
        return switch (block.label()) {
            case "PRIVATE KEY" -> decode(file, der);
            case "ENCRYPTED PRIVATE KEY" -> decode(file, decrypt(file, der, password));
            case "RSA PRIVATE KEY" -> decode(file, Der.rsaToPkcs8(der));
            case "EC PRIVATE KEY" -> {
                byte[] pkcs8 = Der.ecToPkcs8(der);
                if (pkcs8 == null) {
                    throw new IOException(file + ": the private key does not name its curve; " + convert(file));
                }
                yield decode(file, pkcs8);
            }
            default ->
                throw new IOException(
                        file + ": a " + block.label() + " is of no use for TLS; give an RSA, EC or EdDSA key");
        };
    }

    /** Whether the key signs what the certificate verifies; works for keys that never leave their hardware, too. */
    static boolean fits(PrivateKey key, X509Certificate certificate) {
        String algorithm = switch (key.getAlgorithm()) {
            case "RSA" -> "SHA256withRSA";
            case "EC" -> "SHA256withECDSA";
            // RSASSA-PSS and the EdDSA family name the signature as the key.
            default -> key.getAlgorithm();
        };
        byte[] probe = "Portside".getBytes(StandardCharsets.US_ASCII);
        try {
            Signature signature = Signature.getInstance(algorithm);
            if (algorithm.equals("RSASSA-PSS")) {
                signature.setParameter(new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, 32, 1));
            }
            signature.initSign(key);
            signature.update(probe);
            byte[] signed = signature.sign();
            signature.initVerify(certificate.getPublicKey());
            signature.update(probe);
            return signature.verify(signed);
        } catch (GeneralSecurityException another) {
            return false;
        }
    }

    private static PrivateKey decode(String file, byte[] pkcs8) throws IOException {
        // Not tried one after the other: a KeyFactory that fails asks every security provider there is, and so loads
        // them.
        String algorithm = Der.algorithm(pkcs8);
        if (algorithm != null) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
            } catch (InvalidKeySpecException | NoSuchAlgorithmException damaged) {
                throw new IOException(file + ": the private key is damaged; copy it again", damaged);
            }
        }
        throw new IOException(
                file + ": the private key is of a kind that TLS does not know; give an RSA, EC or EdDSA key");
    }

    private static byte[] decrypt(String file, byte[] der, char @Nullable [] password) throws IOException {
        if (password == null) {
            throw new IOException(file + ": the private key is encrypted; give its password");
        }
        for (char character : password) {
            if (character < ' ' || character > '~') {
                throw new IOException(file
                        + ": the password of the private key has a character that is not ASCII, which Java does not take here;"
                        + " give the key another password");
            }
        }
        EncryptedPrivateKeyInfo box;
        Cipher cipher;
        PBEKeySpec chars = new PBEKeySpec(password);
        try {
            box = new EncryptedPrivateKeyInfo(der);
            AlgorithmParameters parameters = box.getAlgParameters();
            // PBES2 (RFC 8018) is a family; which member it is, only its parameters tell.
            String algorithm = parameters == null || !parameters.getAlgorithm().equals("PBES2")
                    ? box.getAlgName()
                    : parameters.toString();
            SecretKey secret = SecretKeyFactory.getInstance(algorithm).generateSecret(chars);
            cipher = Cipher.getInstance(algorithm);
            cipher.init(Cipher.DECRYPT_MODE, secret, parameters);
        } catch (GeneralSecurityException | IOException unknown) {
            throw new IOException(
                    file + ": the private key is encrypted in a way that Java does not know; " + convert(file),
                    unknown);
        } finally {
            chars.clearPassword();
        }
        try {
            return box.getKeySpec(cipher).getEncoded();
        } catch (InvalidKeySpecException wrong) {
            throw new IOException(file + ": wrong password for the private key", wrong);
        }
    }

    private static String convert(String file) {
        return "convert it: openssl pkcs8 -topk8 -v2 aes-256-cbc -in " + file + " -out new-" + name(file);
    }

    private static String name(String file) {
        return file.substring(file.lastIndexOf('/') + 1);
    }
}
