/**
 * Clients under test: a listener that misbehaves in one thing with each connection and looks at what the client does.
 * Nothing here calls the enforcing side.
 */
package org.dicomtls.interop.probe.client;
