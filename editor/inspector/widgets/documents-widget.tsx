import { useMutation, useQueries } from '@tanstack/react-query'
import { useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { ApiError, api, errorWords } from '#editor/app/api.ts'
import { keys } from '#editor/app/query.ts'
import { Button, IconButton } from '#editor/app/ui/button.tsx'
import { number } from '#editor/app/ui/words.ts'
import type { WidgetProps } from '../widget.ts'

/** Several documents: uploaded here one after the other, named by the server, shown by what the person calls them. */
export function DocumentsWidget({ value, onChange, id, describedBy }: WidgetProps) {
  const { t } = useTranslation('inspector')
  const input = useRef<HTMLInputElement>(null)
  const now = Array.isArray(value) ? value.filter((file) => typeof file === 'string') : []
  const upload = useMutation({
    async mutationFn(files: readonly File[]) {
      const added: string[] = []
      // What was uploaded before one that is refused stays.
      try {
        for (const file of files) added.push((await api.uploadDocument(file)).file)
      } finally {
        if (added.length > 0) onChange([...now, ...added])
      }
    },
  })
  const uploads = useQueries({
    queries: now.map((file) => ({
      queryKey: keys.upload(file),
      queryFn: () => api.upload(file),
      staleTime: Number.POSITIVE_INFINITY,
    })),
  })
  const failed = upload.error instanceof ApiError ? errorWords(upload.error) : null
  return (
    <div className="bl-insp-documents">
      <input
        ref={input}
        id={id}
        type="file"
        multiple
        className="bl-sr-only"
        tabIndex={-1}
        accept=".txt,.md,.markdown,.html,.htm,.docx,.pdf"
        aria-describedby={describedBy}
        onChange={(event) => {
          const files = [...(event.target.files ?? [])]
          if (files.length > 0) upload.mutate(files)
          event.target.value = ''
        }}
      />
      {now.length > 0 && (
        <ul>
          {now.map((file, at) => {
            const about = uploads[at]?.data
            const line = about
              ? t('documents.line', { name: about.name, kilobytes: number(Math.ceil(about.bytes / 1000)) })
              : uploads[at]?.isError
                ? t('documents.gone', { id: file })
                : '…'
            return (
              <li key={file}>
                <span className="bl-insp-file__name" title={about?.name}>
                  {line}
                </span>
                <IconButton
                  size="small"
                  icon="close"
                  label={t('documents.remove', { name: about?.name ?? file })}
                  onClick={() => onChange(now.filter((other) => other !== file))}
                />
              </li>
            )
          })}
        </ul>
      )}
      <Button size="small" icon="upload" busy={upload.isPending} onClick={() => input.current?.click()}>
        {t('documents.add')}
      </Button>
      {failed && (
        <p className="bl-insp-issue" role="alert">
          {failed.message} {failed.remedy}
        </p>
      )}
    </div>
  )
}
