package dev.portside.protocol;

import com.code_intelligence.jazzer.junit.FuzzTest;

class ProtocolFuzzTest {
    @FuzzTest(maxDuration = "5s")
    void a(byte[] data) {}

    @FuzzTest(maxDuration = "5s")
    void b(byte[] data) {
        if (data.length > 3 && data[0] == 'x' && data[1] == 'y') throw new IllegalStateException();
    }
}
