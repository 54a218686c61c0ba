/** Profile against profile over real sockets: each cell predicted, run with a C-ECHO, and compared. */
package org.dicomtls.interop.matrix;
