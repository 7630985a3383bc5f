/** {@code ./bench}: Portside beside its peers, see docs/performance.md. */
package dev.portside.lab.bench;
