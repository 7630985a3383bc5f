/**
 * Finds out what works between here and a server, and names what does not: trials, and the {@link
 * dev.portside.cli.doctor.Diagnosis} that is drawn from them.
 */
package dev.portside.cli.doctor;
