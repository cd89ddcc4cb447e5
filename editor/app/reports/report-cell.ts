/** What of the confusion matrix is opened: a cell, a row of it (all of a label), or a cell and its mirror image. */
export interface ReportCell {
  truth?: string
  predicted?: string
  both?: boolean
}
export type OpenCell = (cell: ReportCell) => void
