import { useTranslation } from 'react-i18next'
import type { HttpRequest } from '#server/sources/source-shapes.ts'
import { Button, IconButton } from '../../ui/button.tsx'
import styles from './source.module.css'

/** Address and headers of a web service. */
export function HttpFields({ request, onChange }: { request: HttpRequest; onChange: (request: HttpRequest) => void }) {
  const { t } = useTranslation('sources')
  const { headers } = request
  const change = (at: number, header: Partial<(typeof headers)[number]>) =>
    onChange({ ...request, headers: headers.map((one, index) => (index === at ? { ...one, ...header } : one)) })
  return (
    <>
      <label className={`bl-field ${styles.whole}`}>
        <span className="bl-field__label">{t('url')}</span>
        <input
          className="bl-input"
          type="url"
          required
          maxLength={2_000}
          value={request.url}
          placeholder="https://api.example.com/tickets?limit=100"
          onChange={(event) => onChange({ ...request, url: event.target.value })}
        />
      </label>
      <fieldset className={`${styles.list} ${styles.whole}`}>
        <legend className="bl-field__label">{t('headers')}</legend>
        {headers.map(({ name, value, secret }, at) => (
          <div key={at} className={styles.header}>
            <input
              className="bl-input"
              required
              aria-label={t('header.name')}
              placeholder="Authorization"
              maxLength={100}
              value={name}
              onChange={(event) => change(at, { name: event.target.value.trim() })}
            />
            <input
              className="bl-input"
              type={secret ? 'password' : 'text'}
              autoComplete="new-password"
              aria-label={t('header.value')}
              placeholder="Bearer …"
              maxLength={8_000}
              value={value}
              onChange={(event) => change(at, { value: event.target.value })}
            />
            <label>
              <input
                type="checkbox"
                checked={secret}
                onChange={(event) => change(at, { secret: event.target.checked })}
              />
              {t('header.secret')}
            </label>
            <IconButton
              size="small"
              icon="trash"
              label={t('header.remove')}
              onClick={() => onChange({ ...request, headers: headers.filter((_, index) => index !== at) })}
            />
          </div>
        ))}
        <div>
          <Button
            size="small"
            icon="plus"
            onClick={() => onChange({ ...request, headers: [...headers, { name: '', value: '', secret: true }] })}
          >
            {t('header.add')}
          </Button>
        </div>
        <span className="bl-field__help">{t('headers.help')}</span>
      </fieldset>
    </>
  )
}
