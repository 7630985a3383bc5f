package dev.portside.lab.network;

import java.io.EOFException;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.Serializable;
import java.io.StringWriter;
import java.util.concurrent.locks.ReentrantLock;

/** The other end of a {@link Host}: reads orders from standard input, writes answers to standard output. */
final class HostProcess {
    private final ObjectOutputStream answers;
    private final ReentrantLock sending = new ReentrantLock();

    private HostProcess(PrintStream out) throws IOException {
        answers = new ObjectOutputStream(out);
        answers.flush();
    }

    public static void main(String[] arguments) throws IOException, ClassNotFoundException {
        PrintStream out = System.out;
        // What a task prints must not come between the answers.
        System.setOut(System.err);
        HostProcess process = new HostProcess(out);
        try (ObjectInputStream orders = new ObjectInputStream(System.in)) {
            while (true) {
                Host.Order order = (Host.Order) orders.readObject();
                Thread.ofVirtual().start(() -> process.run(order));
            }
        } catch (EOFException ended) {
            // Servers may be running still; nobody needs them now.
            System.exit(0);
        }
    }

    private void run(Host.Order order) {
        Host.Answer answer;
        try {
            answer = new Host.Answer(order.number(), (Serializable) order.task().run(), null);
        } catch (Throwable failed) {
            StringWriter trace = new StringWriter();
            failed.printStackTrace(new PrintWriter(trace));
            answer = new Host.Answer(order.number(), null, trace.toString());
        }
        sending.lock();
        try {
            answers.writeObject(answer);
            answers.flush();
        } catch (IOException gone) {
            // Nobody reads any more.
            System.exit(1);
        } finally {
            sending.unlock();
        }
    }
}
