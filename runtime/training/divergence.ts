import * as tf from '@tensorflow/tfjs-core'

/**
 * Half the Kullback-Leibler divergences both ways between the softmaxes of two tables of scores, over the last axis, which is kept as
 * one entry: (KL(p, q) + KL(q, p)) / 2 = sum of (p - q) (log p - log q) / 2. R-Drop's consistency loss (Liang et al. 2021, equation 2).
 */
export function softmaxDivergence(a: tf.Tensor, b: tf.Tensor): tf.Tensor {
  const [logP, logQ] = [tf.logSoftmax(a), tf.logSoftmax(b)]
  return halfSum(tf.sub(tf.softmax(a), tf.softmax(b)), tf.sub(logP, logQ))
}

/** The same between Bernoulli distributions, one a score, added up: the logarithms of p / (1 - p) are the scores themselves. */
export function sigmoidDivergence(a: tf.Tensor, b: tf.Tensor): tf.Tensor {
  return halfSum(tf.sub(tf.sigmoid(a), tf.sigmoid(b)), tf.sub(a, b))
}

const halfSum = (a: tf.Tensor, b: tf.Tensor): tf.Tensor => tf.mul(tf.sum(tf.mul(a, b), -1, true), 0.5)
