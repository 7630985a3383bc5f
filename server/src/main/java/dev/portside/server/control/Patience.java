package dev.portside.server.control;

import java.time.Duration;

/** How long a client may say nothing, since the last reply to it. */
final class Patience {
    private static final Duration NONE_LEFT = Duration.ofMillis(1);

    private final Session session;
    private volatile long began = System.nanoTime();

    Patience(Session session) {
        this.session = session;
    }

    /** Begins anew. */
    void begin() {
        began = System.nanoTime();
    }

    /** What is left; a moment when it is over. */
    Duration left() {
        Duration idle = session.idleTimeout();
        if (session.transfer() != null) {
            return idle;
        }
        Duration left = idle.minusNanos(System.nanoTime() - began);
        if (!session.isLoggedIn()) {
            Duration toLogin = session.timeToLogIn();
            left = left.compareTo(toLogin) < 0 ? left : toLogin;
        }
        return left.isPositive() ? left : NONE_LEFT;
    }

    boolean isOver() {
        return left().compareTo(NONE_LEFT) <= 0;
    }

    /** How long a handshake may take. */
    Duration forHandshake() {
        Duration left = session.isLoggedIn() ? session.idleTimeout() : session.timeToLogIn();
        return left.isPositive() ? left : NONE_LEFT;
    }
}
