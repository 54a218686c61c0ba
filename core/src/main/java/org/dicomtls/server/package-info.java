/**
 * A server for any protocol on connections under a policy: {@link org.dicomtls.server.ConnectionServer} accepts, shakes
 * hands, keeps within limits that junk cannot use up, and drains. Waiting for a client's first octets costs no thread.
 */
package org.dicomtls.server;
