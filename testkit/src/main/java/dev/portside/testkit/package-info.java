/**
 * {@link dev.portside.testkit.ScriptedServer} stands in for a server when a client is tested, with {@link
 * dev.portside.testkit.Fault} for what servers do wrong; {@link dev.portside.testkit.ScriptedClient} stands in for a client
 * and may send anything. {@link dev.portside.testkit.LeakCheck} tells what a test left behind.
 */
package dev.portside.testkit;
