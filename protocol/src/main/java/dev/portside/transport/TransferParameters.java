package dev.portside.transport;

import dev.portside.protocol.RepresentationType;
import dev.portside.protocol.TransmissionMode;

/**
 * How data is put on the wire (RFC 959 section 3, "transfer parameters"); the structure is always F.
 *
 * @param mode {@link TransmissionMode#STREAM} or {@link TransmissionMode#DEFLATE}
 * @param level in MODE Z, how hard the sender tries: 0 (not at all) to 9
 * @param limit in MODE Z, how far the receiver lets data inflate
 */
public record TransferParameters(RepresentationType type, TransmissionMode mode, int level, InflationLimit limit) {
    /** As zlib has it by itself. */
    public static final int USUAL_LEVEL = 6;

    public static final int MAX_LEVEL = 9;

    public TransferParameters {
        if (mode != TransmissionMode.STREAM && mode != TransmissionMode.DEFLATE) {
            throw new IllegalArgumentException("MODE " + mode.argument() + " is not supported");
        }
        if (level < 0 || level > MAX_LEVEL) {
            throw new IllegalArgumentException("not a level (0-9): " + level);
        }
    }

    /** Stream mode: the data as it is. */
    public static TransferParameters stream(RepresentationType type) {
        return new TransferParameters(type, TransmissionMode.STREAM, USUAL_LEVEL, InflationLimit.USUAL);
    }

    /** MODE Z: stream mode through zlib. */
    public static TransferParameters deflate(RepresentationType type, int level, InflationLimit limit) {
        return new TransferParameters(type, TransmissionMode.DEFLATE, level, limit);
    }

    boolean isText() {
        return type == RepresentationType.ASCII;
    }

    /** Whether the wire has the bytes of the file. */
    boolean isUnchanged() {
        return !isText() && !isDeflated();
    }

    boolean isDeflated() {
        return mode == TransmissionMode.DEFLATE;
    }
}
