package dev.portside.server.storage;

/** How a store treats an upload until it is complete. */
public enum Uploads {
    /** Under a hidden name beside the target, moved over it when complete: nobody ever sees a part of a file. */
    ATOMIC,
    /** Into the target itself: what has arrived is there, also when the rest never comes. */
    IN_PLACE
}
