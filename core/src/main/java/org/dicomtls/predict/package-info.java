/** What two ends will negotiate, or why nothing: pure functions of their policies, engines and keys. */
package org.dicomtls.predict;
