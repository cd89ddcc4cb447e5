import { defineErrors } from './define-errors.ts'

export const trainingErrors = defineErrors({})
