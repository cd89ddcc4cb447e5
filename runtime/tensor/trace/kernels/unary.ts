import {
  Abs,
  Ceil,
  ClipByValue,
  type ClipByValueAttrs,
  Cos,
  Erf,
  Exp,
  Expm1,
  Floor,
  Log,
  Log1p,
  Neg,
  Reciprocal,
  Relu,
  Round,
  Rsqrt,
  Sigmoid,
  Sign,
  Sin,
  Softplus,
  Sqrt,
  Square,
  Step,
  type StepAttrs,
  Tanh,
} from '@tensorflow/tfjs-core'
import { toDType } from '../recorder.ts'
import { traceKernel } from './kernel.ts'

const operators: Record<string, string> = {
  [Abs]: 'Abs',
  [Ceil]: 'Ceil',
  [Cos]: 'Cos',
  [Erf]: 'Erf',
  [Exp]: 'Exp',
  [Floor]: 'Floor',
  [Log]: 'Log',
  [Neg]: 'Neg',
  [Reciprocal]: 'Reciprocal',
  [Relu]: 'Relu',
  [Round]: 'Round',
  [Sigmoid]: 'Sigmoid',
  [Sign]: 'Sign',
  [Sin]: 'Sin',
  [Softplus]: 'Softplus',
  [Sqrt]: 'Sqrt',
  [Tanh]: 'Tanh',
}
for (const [name, op] of Object.entries(operators))
  traceKernel(name, (r, { x }) => r.emit(op, [x!], x!.shape, x!.dtype))

traceKernel(Square, (r, { x }) => r.emit('Mul', [x!, x!], x!.shape, x!.dtype))
traceKernel(Rsqrt, (r, { x }) => r.emit('Reciprocal', [r.node('Sqrt', [x!])], x!.shape, x!.dtype))
traceKernel(Log1p, (r, { x }) => r.emit('Log', [r.node('Add', [x!, r.scalar(1, 'float32')])], x!.shape, x!.dtype))
traceKernel(Expm1, (r, { x }) => r.emit('Sub', [r.node('Exp', [x!]), r.scalar(1, 'float32')], x!.shape, x!.dtype))

traceKernel<StepAttrs>(Step, (r, { x }, { alpha }) => {
  const dtype = toDType(x!.dtype)
  const positive = r.node('Greater', [x!, r.scalar(0, dtype)])
  return r.emit('Where', [positive, r.scalar(1, dtype), r.scalar(alpha, dtype)], x!.shape, dtype)
})

traceKernel<ClipByValueAttrs>(ClipByValue, (r, { x }, { clipValueMin, clipValueMax }) => {
  const dtype = toDType(x!.dtype)
  return r.emit('Clip', [x!, r.scalar(clipValueMin, dtype), r.scalar(clipValueMax, dtype)], x!.shape, dtype)
})
