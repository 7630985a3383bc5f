package dev.portside.lab.network;

import dev.portside.lab.peer.ManyVsftpd;
import java.io.IOException;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * Everything that the laboratory measures, one thing after the other.
 *
 * @param ours our client with our server
 * @param curl curl with our server
 * @param lftp lftp with our server
 * @param doctor what the doctor says of our server
 * @param vsftpd our client with vsftpd
 */
record LaboratoryRun(TruthTable ours, ProgramTable curl, ProgramTable lftp, DoctorTable doctor, TruthTable vsftpd) {

    /**
     * Measures, in some minutes.
     *
     * @param progress is told a line now and then
     */
    static LaboratoryRun measure(Consumer<String> progress) throws IOException, InterruptedException {
        long began = System.nanoTime();
        Consumer<String> told = line ->
                progress.accept(Duration.ofNanos(System.nanoTime() - began).toSeconds() + " s: " + line);
        Secrets secrets = Secrets.make();
        try (Laboratory laboratory = Laboratory.build()) {
            told.accept("built: " + laboratory.namespaces().size() + " namespaces");
            TruthTable ours;
            ProgramTable curl;
            ProgramTable lftp;
            DoctorTable doctor;
            try (Host servers = Host.start(laboratory.servers())) {
                servers.run(new StartServers(
                        Topology.all().stream().map(StartServers.Plan::of).toList(), secrets));
                ours = TruthTable.measure(laboratory, Topology.all(), secrets);
                told.accept("our client, our server: " + ours.sum());
                curl = ProgramTable.measure(laboratory, Program.CURL);
                told.accept("curl, our server: " + curl.sum());
                lftp = ProgramTable.measure(laboratory, Program.LFTP);
                told.accept("lftp, our server: " + lftp.sum());
                doctor = DoctorTable.measure(laboratory, ours, secrets);
                told.accept("the doctor, our server: " + doctor.sum());
            }
            TruthTable vsftpd;
            try (ManyVsftpd _ = ManyVsftpd.start(
                    laboratory.servers().around(),
                    Topology.all().stream().map(LaboratoryRun::plan).toList(),
                    Secrets.FILE,
                    Secrets.CONTENT)) {
                vsftpd = TruthTable.measure(laboratory, Topology.all(), secrets);
                told.accept("our client, vsftpd: " + vsftpd.sum());
            }
            return new LaboratoryRun(ours, curl, lftp, doctor, vsftpd);
        }
    }

    private static ManyVsftpd.Plan plan(Topology topology) {
        StartServers.Plan same = StartServers.Plan.of(topology);
        return new ManyVsftpd.Plan(
                same.address(), same.port(), same.firstPassivePort(), same.lastPassivePort(), same.externalAddress());
    }
}
