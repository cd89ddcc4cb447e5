import { saveFile } from './save-file.ts'

export function saveCsv(name: string, csv: string) {
  saveFile(`${name}.csv`, new Blob([csv], { type: 'text/csv;charset=utf-8' }))
}
