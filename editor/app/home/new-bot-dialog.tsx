import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { pickText } from '#kit/text.ts'
import type { TemplateView } from '#server/api/dto.ts'
import { api } from '../api.ts'
import { studioLanguage } from '../i18n.ts'
import { keys, queryClient } from '../query.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { ErrorNotice } from '../ui/notice.tsx'
import { number } from '../ui/words.ts'
import styles from './home.module.css'
import { ParameterField } from './parameter-field.tsx'

/** From a template with its form, or from nothing. */
export function NewBotDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation('home')
  const navigate = useNavigate()
  const templates = useQuery({ queryKey: keys.templates, queryFn: api.templates })
  const [picked, setPicked] = useState<string | null | undefined>(undefined)
  const [name, setName] = useState('')
  const [changed, setChanged] = useState<Record<string, Record<string, unknown>>>({})
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>(null)

  // Nothing is chosen by itself before it is known what there is: a choice that was seen must not become another one.
  const byItself = templates.isPending ? undefined : (templates.data?.[0]?.id ?? null)
  const choice = picked === undefined ? byItself : picked
  const template: TemplateView | undefined = templates.data?.find((one) => one.id === choice)
  const values = (template && changed[template.id]) ?? {}
  const suggested = template ? suggestName(template, values) : t('blank.name')

  const create = async () => {
    if (choice === undefined) return
    setBusy(true)
    setError(null)
    try {
      const parameters = template
        ? Object.fromEntries(template.parameters.map((one) => [one.id, values[one.id] ?? one.default]))
        : undefined
      const bot = await api.createBot({ name: name.trim() || suggested, template: template?.id ?? null, parameters })
      await queryClient.invalidateQueries({ queryKey: keys.bots })
      // A bot that has no records begins with them.
      navigate(`/bots/${bot.id}/${template?.rows === 0 ? 'data?add=1' : 'canvas'}`)
    } catch (thrown) {
      setError(thrown)
      setBusy(false)
    }
  }

  return (
    <Dialog
      wide
      title={t('new')}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t('app:cancel')}</Button>
          <Button variant="primary" busy={busy} disabled={choice === undefined} onClick={create}>
            {t('create')}
          </Button>
        </>
      }
    >
      {templates.error && <ErrorNotice error={templates.error} onRetry={() => templates.refetch()} />}
      <div className={styles.newBot}>
        <div className={styles.options} role="radiogroup" aria-label={t('start-from')}>
          {templates.isPending && <div className="bl-skeleton" style={{ height: 92 }} />}
          {templates.data?.map((one) => (
            <label key={one.id} className="bl-check">
              <input type="radio" name="template" checked={choice === one.id} onChange={() => setPicked(one.id)} />
              <span className={styles.option}>
                <strong>{pickText(one.name, studioLanguage())}</strong>
                <span>{pickText(one.description, studioLanguage())}</span>
                <span className={styles.optionFigures}>
                  {one.rows === 0
                    ? t('template.own-records')
                    : t('template.figures', { labels: one.labels, rows: number(one.rows), blocks: one.blocks })}
                </span>
              </span>
            </label>
          ))}
          <label className="bl-check">
            <input type="radio" name="template" checked={choice === null} onChange={() => setPicked(null)} />
            <span className={styles.option}>
              <strong>{t('blank')}</strong>
              <span>{t('blank.about')}</span>
            </span>
          </label>
        </div>
        <form
          className={styles.form}
          onSubmit={(event) => {
            event.preventDefault()
            void create()
          }}
        >
          <label className="bl-field">
            <span className="bl-field__label">{t('name')}</span>
            <input
              className="bl-input"
              value={name}
              placeholder={suggested}
              maxLength={80}
              onChange={(event) => setName(event.target.value)}
            />
          </label>
          {template?.parameters.map((parameter) => (
            <ParameterField
              key={`${template.id}/${parameter.id}`}
              parameter={parameter}
              value={values[parameter.id] ?? parameter.default}
              onChange={(value) => setChanged({ ...changed, [template.id]: { ...values, [parameter.id]: value } })}
            />
          ))}
          <button type="submit" hidden />
        </form>
      </div>
      {error !== null && <ErrorNotice error={error} />}
    </Dialog>
  )
}

/** The brand that was typed, or else the template's name. */
function suggestName(template: TemplateView, values: Record<string, unknown>): string {
  const brand = template.parameters.find((one) => one.id === 'brand')
  const value = brand && (values.brand ?? brand.default)
  if (typeof value === 'string' && value.trim()) return value.trim()
  if (isTexts(value)) return pickText(value, studioLanguage()) || pickText(template.name, studioLanguage())
  return pickText(template.name, studioLanguage())
}

function isTexts(value: unknown): value is Record<string, string> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
