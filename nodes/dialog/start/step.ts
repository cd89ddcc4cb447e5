import { defineStep } from '#kit'
import { start } from './node.ts'

export default defineStep(start, { enter: () => ({ leave: 'out' }) })
