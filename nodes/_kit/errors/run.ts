import { defineErrors } from './define-errors.ts'

export const runErrors = defineErrors({})
