import { useMutation } from '@tanstack/react-query'
import { useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { ApiError, api, errorWords } from '#editor/app/api.ts'
import { Button, IconButton } from '#editor/app/ui/button.tsx'
import { number } from '#editor/app/ui/words.ts'
import type { WidgetProps } from '../widget.ts'

/** A file of records: uploaded here, named by the server. */
export function FileWidget({ value, onChange, id, describedBy }: WidgetProps) {
  const { t } = useTranslation('inspector')
  const input = useRef<HTMLInputElement>(null)
  const upload = useMutation({
    mutationFn: (file: File) => api.uploadRecords(file),
    onSuccess: (preview) => onChange(preview.file),
  })
  const now = typeof value === 'string' ? value : ''
  const fresh = upload.data?.file === now ? upload.data : undefined
  const failed = upload.error instanceof ApiError ? errorWords(upload.error) : null
  return (
    <div className="bl-insp-file">
      <input
        ref={input}
        id={id}
        type="file"
        className="bl-sr-only"
        tabIndex={-1}
        accept=".csv,.tsv,.txt,.json,.jsonl"
        aria-describedby={describedBy}
        onChange={(event) => {
          const file = event.target.files?.[0]
          if (file) upload.mutate(file)
          event.target.value = ''
        }}
      />
      <Button size="small" icon="upload" busy={upload.isPending} onClick={() => input.current?.click()}>
        {t(now === '' ? 'file.choose' : 'file.replace')}
      </Button>
      {now !== '' && (
        <span className="bl-insp-file__name">
          {fresh ? t('file.line', { name: fresh.name, rows: number(fresh.rows) }) : now}
        </span>
      )}
      {now !== '' && <IconButton size="small" icon="close" label={t('file.remove')} onClick={() => onChange('')} />}
      {failed && (
        <p className="bl-insp-issue" role="alert">
          {failed.message} {failed.remedy}
        </p>
      )}
    </div>
  )
}
