import * as tf from '@tensorflow/tfjs-core'

/**
 * Rows of a table: ids int32 [...] to [..., width]. An id outside the table is an error when the program runs.
 * A trainable table gets a dense gradient (the rows' gradients summed by id), so training one costs a pass over the whole table.
 */
export const embed = (table: tf.Tensor, ids: tf.Tensor): tf.Tensor => tf.gather(table, tf.cast(ids, 'int32'))
