package dev.portside.lab.network;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;

/**
 * What the truth table does not hold, staged with real packets: {@code docs/laboratory.md}. All stages share the hosts of
 * clients and servers; each has gateways, addresses and servers of its own, and a number of its own.
 */
class StagesTest {
    private static Stages stages;

    @BeforeAll
    static void open() throws Exception {
        stages = Stages.open();
        ForgetfulStages.begin(stages);
    }

    @AfterAll
    static void close() {
        stages.close();
    }

    static Stages stages() {
        return stages;
    }

    /** 1 to 5. */
    @Nested
    class Addresses extends AddressStages {}

    /** 11 to 16. */
    @Nested
    class Rewriting extends RewritingStages {}

    /** 21 to 25. */
    @Nested
    class Forgetful extends ForgetfulStages {}

    /** 31 to 33. */
    @Nested
    class Balanced extends BalancerStages {}

    /** 41. */
    @Nested
    class PartlyOpen extends PartlyOpenStages {}
}
