import { defineErrors } from './define-errors.ts'

export const conversationErrors = defineErrors({})
