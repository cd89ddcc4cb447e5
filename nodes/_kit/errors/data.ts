import { defineErrors } from './define-errors.ts'

export const dataErrors = defineErrors({})
