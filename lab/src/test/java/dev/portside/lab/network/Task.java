package dev.portside.lab.network;

import java.io.Serializable;

/**
 * What a {@link Host} is to do: a record whose components, and whose result, can be serialized.
 *
 * @param <T> what it gives back; null for nothing
 */
interface Task<T> extends Serializable {
    /** Runs in the process of the host, on a virtual thread of its own. */
    T run() throws Exception;
}
