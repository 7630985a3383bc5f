/**
 * The network laboratory: clients, gateways, a wide area and servers made of the kernel's network namespaces, with real
 * packets between them. {@code docs/laboratory.md} explains it.
 */
package dev.portside.lab.network;
