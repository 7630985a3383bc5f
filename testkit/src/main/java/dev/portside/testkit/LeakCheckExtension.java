package dev.portside.testkit;

import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;

/**
 * {@link LeakCheck} around each test, its {@code @BeforeEach} and {@code @AfterEach} methods included: {@code
 * @ExtendWith(LeakCheckExtension.class)}. Tests that run beside each other in one process see each other's threads: do not
 * combine the two.
 */
public final class LeakCheckExtension implements BeforeEachCallback, AfterEachCallback {
    private static final Namespace NAMESPACE = Namespace.create(LeakCheckExtension.class);

    /** For JUnit. */
    public LeakCheckExtension() {}

    @Override
    public void beforeEach(ExtensionContext test) {
        test.getStore(NAMESPACE).put(test.getUniqueId(), LeakCheck.start());
    }

    @Override
    public void afterEach(ExtensionContext test) {
        LeakCheck check = test.getStore(NAMESPACE).remove(test.getUniqueId(), LeakCheck.class);
        if (check != null && test.getExecutionException().isEmpty()) {
            check.close();
        }
    }
}
