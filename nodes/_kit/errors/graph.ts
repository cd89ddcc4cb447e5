import { defineErrors } from './define-errors.ts'

export const graphErrors = defineErrors({
})
