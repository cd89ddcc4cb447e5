import {
  backend_util,
  Equal,
  Greater,
  GreaterEqual,
  Less,
  LessEqual,
  LogicalAnd,
  LogicalNot,
  LogicalOr,
  NotEqual,
  Select,
} from '@tensorflow/tfjs-core'
import { traceKernel } from './kernel.ts'

const operators: Record<string, string> = {
  [Equal]: 'Equal',
  [Greater]: 'Greater',
  [GreaterEqual]: 'GreaterOrEqual',
  [Less]: 'Less',
  [LessEqual]: 'LessOrEqual',
  [LogicalAnd]: 'And',
  [LogicalOr]: 'Or',
}
for (const [name, op] of Object.entries(operators)) {
  traceKernel(name, (r, { a, b }) =>
    r.emit(op, [a!, b!], backend_util.assertAndGetBroadcastShape(a!.shape, b!.shape), 'bool'),
  )
}

traceKernel(NotEqual, (r, { a, b }) =>
  r.emit('Not', [r.node('Equal', [a!, b!])], backend_util.assertAndGetBroadcastShape(a!.shape, b!.shape), 'bool'),
)

traceKernel(LogicalNot, (r, { x }) => r.emit('Not', [x!], x!.shape, 'bool'))

/** A condition of rank 1 chooses whole rows of tensors of higher rank. */
traceKernel(Select, (r, { condition, t, e }) => {
  const rows = condition!.shape.length === 1 && t!.shape.length > 1
  const chooser = rows ? r.reshape(condition!, [condition!.shape[0]!, ...t!.shape.slice(1).map(() => 1)]) : condition!
  return r.emit('Where', [chooser, t!, e!], t!.shape, t!.dtype)
})
