package dev.portside.cli;

import java.util.EnumSet;
import java.util.Set;

/** What became of everything that was asked: gives the exit code. */
final class Outcome {
    private boolean anyDone;
    private final Set<ExitCode> failures = EnumSet.noneOf(ExitCode.class);

    void done() {
        anyDone = true;
    }

    void failed(ExitCode code) {
        failures.add(code);
    }

    /** The code of the failure, when all failed and for the same reason; otherwise "some failed". */
    ExitCode exitCode() {
        if (failures.isEmpty()) {
            return ExitCode.OK;
        }
        return !anyDone && failures.size() == 1 ? failures.iterator().next() : ExitCode.SOME_FAILED;
    }
}
