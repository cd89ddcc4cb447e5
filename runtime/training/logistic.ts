import * as tf from '@tensorflow/tfjs-core'
import type { LinearHead } from '#runtime/language/checkpoint.ts'
import type { CompiledProgram, Executor, Program } from '#runtime/tensor/executor.ts'
import { floats } from '#runtime/tensor/host-tensor.ts'
import { largest, minimize } from './lbfgs.ts'

export interface LogisticRows {
  rows: number
  width: number
  /** Row-major [rows, width]. */
  vectors: Float32Array
  labels: number
  /** The right labels of each row. */
  truth: readonly (readonly number[])[]
  /** Several labels a row: one binary regression a label instead of one softmax. */
  multi: boolean
  /** What the penalty draws the weight to, and where fits start (Chelba & Acero 2006). Default zero. */
  prior?: LinearHead
}

export interface FitOptions {
  /**
   * Weight of the data against the penalty, as C in LIBLINEAR and scikit-learn: minimised is
   * C x (sum of row losses) + |weight - prior|^2 / 2, the bias without penalty.
   */
  c: number
  /** Weight of each row in the loss; 0 leaves a row out. Default 1. */
  rowWeights?: Float32Array
  start?: LinearHead
  /**
   * Largest gradient entry at the end (in the solver's own variables), as a share of the largest one of a weight where all are zero: the
   * same number asks the same of few rows and of many, of two labels and of a hundred. Default 3e-4.
   */
  tolerance?: number
  maxIterations?: number
  signal?: AbortSignal
  onIteration?: (iteration: number, loss: number) => void
}

export interface FittedHead extends LinearHead {
  iterations: number
  converged: boolean
}

/** Multinomial (or one-against-rest) logistic regression over fixed rows; several fits share one compiled graph. */
export interface LogisticProblem {
  fit(options: FitOptions): Promise<FittedHead>
  dispose(): Promise<void>
}

export async function createLogistic(executor: Executor, data: LogisticRows): Promise<LogisticProblem> {
  const { rows, width, labels, prior } = data
  const { mean, centred } = centre(data.vectors, rows, width)
  const targets = new Float32Array(rows * labels)
  for (const [row, truth] of data.truth.entries()) for (const label of truth) targets[row * labels + label] = 1
  const compiled: CompiledProgram = await executor.compile(lossProgram(data.multi), {
    x: { shape: [rows, width], dtype: 'float32' },
    turned: { shape: [width, rows], dtype: 'float32' },
    targets: { shape: [rows, labels], dtype: 'float32' },
    rowWeights: { shape: [rows, 1], dtype: 'float32' },
    weight: { shape: [width, labels], dtype: 'float32' },
    bias: { shape: [labels], dtype: 'float32' },
  })
  const fixed = {
    x: floats([rows, width], centred),
    // Turned once: a product that reads across would turn it in every iteration, which costs as much as the product itself.
    turned: floats([width, rows], transposed(centred, rows, width)),
    targets: floats([rows, labels], targets),
  }
  const ones = new Float32Array(rows).fill(1)
  const size = width * labels
  const unit = unitOfBias / Math.sqrt(width)
  /** Of each label, what the mean row scores without bias. */
  const meanScores = (weight: ArrayLike<number>): Float64Array => {
    const scores = new Float64Array(labels)
    for (let i = 0; i < width; i++)
      for (let label = 0; label < labels; label++) scores[label]! += mean[i]! * weight[i * labels + label]!
    return scores
  }
  return {
    async fit({ c, rowWeights = ones, start = prior, tolerance = 3e-4, maxIterations = 400, signal, onIteration }) {
      const total = rowWeights.reduce((sum, weight) => sum + weight, 0)
      const penalty = 1 / (c * total)
      const origin = new Float64Array(size + labels)
      if (start) {
        origin.set(start.weight)
        const shift = meanScores(start.weight)
        origin.set(
          shift.map((own, label) => (start.bias[label]! + own) / unit),
          size,
        )
      }
      const gradient = new Float64Array(size + labels)
      const weight = new Float32Array(size)
      const bias = new Float32Array(labels)
      const objective = async (point: Float64Array) => {
        weight.set(point.subarray(0, size))
        for (let i = 0; i < labels; i++) bias[i] = point[size + i]! * unit
        const out = await compiled.run({
          ...fixed,
          rowWeights: floats([rows, 1], rowWeights),
          weight: floats([width, labels], weight),
          bias: floats([labels], bias),
        })
        const dWeight = out.dWeight!.data
        const dBias = out.dBias!.data
        let squares = 0
        for (let i = 0; i < size; i++) {
          const away = point[i]! - (prior?.weight[i] ?? 0)
          squares += away * away
          gradient[i] = dWeight[i]! / total + penalty * away
        }
        for (let i = 0; i < labels; i++) gradient[size + i] = (dBias[i]! / total) * unit
        // Row losses are summed here in 64 bits: a 32-bit sum of thousands would hide the last gains.
        const losses = out.losses!.data
        let loss = 0
        for (let row = 0; row < rows; row++) loss += losses[row]!
        return { value: loss / total + (penalty * squares) / 2, gradient }
      }
      const steepest = largest((await objective(new Float64Array(size + labels))).gradient.subarray(0, size))
      const found = await minimize(objective, origin, {
        tolerance: tolerance * steepest,
        maxIterations,
        signal,
        onIteration,
      })
      const shift = meanScores(found.point)
      return {
        width,
        labels,
        weight: Float32Array.from(found.point.subarray(0, size)),
        bias: Float32Array.from(shift, (own, label) => found.point[size + label]! * unit - own),
        iterations: found.iterations,
        converged: found.converged,
      }
    },
    dispose: () => compiled.dispose(),
  }
}

/**
 * The solver sees rows around zero and a bias in this unit over the root of the width: then a step of the bias bends the loss about as
 * much as one of a weight, which takes half of the iterations. Neither changes the minimum, for the penalty leaves the bias alone.
 */
const unitOfBias = 2

function centre(vectors: Float32Array, rows: number, width: number): { mean: Float64Array; centred: Float32Array } {
  const mean = new Float64Array(width)
  for (let row = 0; row < rows; row++) for (let i = 0; i < width; i++) mean[i]! += vectors[row * width + i]!
  for (let i = 0; i < width; i++) mean[i]! /= Math.max(1, rows)
  const centred = new Float32Array(vectors.length)
  for (let row = 0; row < rows; row++)
    for (let i = 0; i < width; i++) centred[row * width + i] = vectors[row * width + i]! - mean[i]!
  return { mean, centred }
}

function transposed(matrix: Float32Array, rows: number, columns: number): Float32Array {
  const turned = new Float32Array(rows * columns)
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) turned[column * rows + row] = matrix[row * columns + column]!
  return turned
}

/** Weighted loss of each row and the gradient of their sum, by hand: it is two matrix products. */
function lossProgram(multi: boolean): Program {
  return ({ x, turned, targets, rowWeights, weight, bias }) => {
    const scores = tf.add(tf.matMul(x as tf.Tensor2D, weight as tf.Tensor2D), bias!)
    // log(1 + e^s) - t s in the stable form max(s, 0) - t s + log(1 + e^-|s|).
    const rowLoss = multi
      ? tf.sum(
          tf.add(tf.sub(tf.relu(scores), tf.mul(targets!, scores)), tf.log(tf.add(tf.exp(tf.neg(tf.abs(scores))), 1))),
          1,
          true,
        )
      : tf.neg(tf.sum(tf.mul(targets!, tf.logSoftmax(scores)), 1, true))
    const given = multi ? tf.sigmoid(scores) : tf.softmax(scores)
    const error = tf.mul(tf.sub(given, targets!), rowWeights!)
    return {
      losses: tf.mul(rowLoss, rowWeights!),
      dWeight: tf.matMul(turned as tf.Tensor2D, error as tf.Tensor2D),
      dBias: tf.sum(error, 0),
    }
  }
}

/** Scores of rows, row-major [rows, labels]. */
export async function headScores(executor: Executor, head: LinearHead, vectors: Float32Array): Promise<Float32Array> {
  const rows = vectors.length / head.width
  if (rows === 0) return new Float32Array()
  const compiled = await executor.compile(
    ({ x, weight, bias }) => ({ scores: tf.add(tf.matMul(x as tf.Tensor2D, weight as tf.Tensor2D), bias!) }),
    {
      x: { shape: [rows, head.width], dtype: 'float32' },
      weight: { shape: [head.width, head.labels], dtype: 'float32' },
      bias: { shape: [head.labels], dtype: 'float32' },
    },
  )
  try {
    const out = await compiled.run({
      x: floats([rows, head.width], vectors),
      weight: floats([head.width, head.labels], head.weight),
      bias: floats([head.labels], head.bias),
    })
    return out.scores!.data as Float32Array
  } finally {
    await compiled.dispose()
  }
}
