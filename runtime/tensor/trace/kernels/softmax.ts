import { LogSoftmax, type LogSoftmaxAttrs, Softmax, type SoftmaxAttrs } from '@tensorflow/tfjs-core'
import { traceKernel } from './kernel.ts'

traceKernel<SoftmaxAttrs>(Softmax, (r, { logits }, { dim }) =>
  r.emit('Softmax', [logits!], logits!.shape, 'float32', { axis: dim }),
)

traceKernel<LogSoftmaxAttrs>(LogSoftmax, (r, { logits }, { axis }) =>
  r.emit('LogSoftmax', [logits!], logits!.shape, 'float32', { axis }),
)
