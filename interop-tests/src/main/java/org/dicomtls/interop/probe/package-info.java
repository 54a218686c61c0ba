/**
 * Facts about a TLS server from outside: questions in octets of our own, the answers read with strict bounds, and what
 * follows from them. Knows no profile and calls nothing of what enforces one.
 */
package org.dicomtls.interop.probe;
