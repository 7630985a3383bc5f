package dev.portside.lab.network;

import dev.portside.cli.doctor.Diagnosis;
import dev.portside.cli.doctor.Doctor;
import dev.portside.cli.doctor.DoctorOptions;
import dev.portside.cli.doctor.Finding;
import dev.portside.cli.doctor.Mode;
import dev.portside.cli.doctor.Trial;
import dev.portside.client.FtpClientOptions;
import dev.portside.client.FtpClientTls;
import dev.portside.client.TlsMode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.stream.Collectors;

/** Lets the doctor examine the server of a topology, in the clear and under TLS. */
record Examine(Topology topology, Secrets secrets, Duration dataTimeout) implements Task<Examined> {
    private static final Semaphore SIDE_BY_SIDE = new Semaphore(48);

    @Override
    public Examined run() throws InterruptedException {
        SIDE_BY_SIDE.acquire();
        try {
            long began = System.nanoTime();
            FtpClientOptions client = FtpClientOptions.builder(topology.publicServerAddress())
                    .port(Laboratory.CONTROL_PORT)
                    .dataConnectTimeout(dataTimeout)
                    .tls(FtpClientTls.builder(TlsMode.AUTO)
                            .trusting(secrets.fingerprint())
                            .build())
                    .build();
            DoctorOptions options = new DoctorOptions(
                    Secrets.USER,
                    Secrets.PASSWORD,
                    Secrets.FILE,
                    EnumSet.allOf(Mode.class),
                    Set.of(),
                    false,
                    2,
                    0,
                    null,
                    0,
                    DoctorOptions.USUAL_CONNECTIONS);
            Diagnosis diagnosis = Doctor.examine(client, options, trial -> {});
            return new Examined(topology, opinions(diagnosis), Duration.ofNanos(System.nanoTime() - began));
        } finally {
            SIDE_BY_SIDE.release();
        }
    }

    private static Mode mode(Way way) {
        return switch (way) {
            case PORT -> Mode.PORT;
            case EPRT -> Mode.EPRT;
            case PASV_BELIEVED -> Mode.PASV_NAMED;
            case PASV -> Mode.PASV_PEER;
            case EPSV -> Mode.EPSV;
            case AUTO -> throw new IllegalArgumentException("the doctor has no AUTO");
        };
    }

    private List<Examined.Opinion> opinions(Diagnosis diagnosis) {
        List<Examined.Opinion> all = new ArrayList<>();
        for (Cell cell : Cell.of(topology)) {
            if (cell.way() != Way.AUTO) {
                Mode mode = mode(cell.way());
                Optional<Finding> finding = diagnosis.cause(mode, cell.tls());
                all.add(new Examined.Opinion(
                        cell,
                        diagnosis.trial(mode, cell.tls()).map(Trial::works).orElse(false),
                        finding.map(each -> each.cause()).orElse(null),
                        finding.map(each -> Set.copyOf(each.places())).orElse(Set.of()),
                        finding.map(each -> each.wrong() + " "
                                        + each.evidence().stream().collect(Collectors.joining("; ")))
                                .orElse("")));
            }
        }
        return all;
    }
}
