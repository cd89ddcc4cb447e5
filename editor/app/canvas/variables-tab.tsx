import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { newId } from '#editor/document/ids.ts'
import { draft, useDraft } from '#editor/document/store.ts'
import { pickText } from '#kit/text.ts'
import { type VariableRecord, variableRecord, variableType } from '#runtime/graph/document.ts'
import { studioLanguage } from '../i18n.ts'
import { Button, IconButton } from '../ui/button.tsx'
import styles from './canvas-page.module.css'

/** What the bot remembers of a conversation, and the bot's own parameters; both usable in every text. */
export function VariablesTab() {
  const { t } = useTranslation('bot')
  const variables = useDraft((state) => state.document.variables)
  const parameters = useDraft((state) => state.document.parameters)
  const list = Object.values(variables)
  const add = () => {
    const id = newId('v')
    const taken = new Set(list.map((one) => one.name))
    let number = list.length + 1
    while (taken.has(`variable_${number}`)) number += 1
    draft.commit(
      (document) => {
        document.variables[id] = { id, name: `variable_${number}`, type: 'text' }
      },
      { label: 'variable' },
    )
  }
  return (
    <div className={styles.variables}>
      <p className={styles.lead}>
        {t('variables.lead', { example: '{{name}}', interpolation: { skipOnVariables: true } })}
      </p>
      {list.length === 0 && <p className={styles.none}>{t('variables.none')}</p>}
      {list.length > 0 && (
        <table>
          <thead>
            <tr>
              <th scope="col">{t('variables.name')}</th>
              <th scope="col">{t('variables.type')}</th>
              <th scope="col">{t('variables.default')}</th>
              <td />
            </tr>
          </thead>
          <tbody>
            {list.map((variable) => (
              <Row key={variable.id} variable={variable} others={list} />
            ))}
          </tbody>
        </table>
      )}
      <Button size="small" icon="plus" onClick={add}>
        {t('variables.add')}
      </Button>
      {Object.keys(parameters).length > 0 && (
        <>
          <h3>{t('parameters')}</h3>
          <table>
            <tbody>
              {Object.values(parameters).map((one) => (
                <tr key={one.id}>
                  <th scope="row">{pickText(one.title, studioLanguage())}</th>
                  <td>
                    <code>{`{{${one.name}}}`}</code>
                  </td>
                  <td>
                    {typeof one.value === 'string'
                      ? one.value
                      : Array.isArray(one.value)
                        ? one.value.join(' · ')
                        : pickText(one.value, studioLanguage())}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </>
      )}
    </div>
  )
}

function Row({ variable, others }: { variable: VariableRecord; others: VariableRecord[] }) {
  const { t } = useTranslation('bot')
  const [name, setName] = useState(variable.name)
  const taken = others.some((one) => one.id !== variable.id && one.name === name)
  const bad = !variableRecord.shape.name.safeParse(name).success
  const save = (change: (record: VariableRecord) => void) =>
    draft.commit(
      (document) => {
        const record = document.variables[variable.id]
        if (record) change(record)
      },
      { label: 'variable', merge: `variable/${variable.id}` },
    )
  return (
    <tr>
      <td>
        <input
          className="bl-input"
          value={name}
          aria-label={t('variables.name')}
          aria-invalid={bad || taken}
          title={bad ? t('variables.bad-name') : taken ? t('variables.taken') : undefined}
          onChange={(event) => setName(event.target.value)}
          onBlur={() => {
            if (bad || taken) setName(variable.name)
            else if (name !== variable.name)
              save((record) => {
                record.name = name
              })
          }}
        />
        {(bad || taken) && <small className={styles.bad}>{t(bad ? 'variables.bad-name' : 'variables.taken')}</small>}
      </td>
      <td>
        <select
          className="bl-select"
          value={variable.type}
          aria-label={t('variables.type')}
          onChange={(event) => {
            const type = variableType.parse(event.target.value)
            save((record) => {
              record.type = type
              delete record.default
            })
          }}
        >
          {variableType.options.map((type) => (
            <option key={type} value={type}>
              {t(`type.${type}`)}
            </option>
          ))}
        </select>
      </td>
      <td>
        <input
          className="bl-input"
          key={variable.type}
          type={variable.type === 'number' ? 'number' : variable.type === 'date' ? 'date' : 'text'}
          defaultValue={variable.default === undefined ? '' : String(variable.default)}
          aria-label={t('variables.default')}
          onBlur={(event) => {
            const text = event.target.value.trim()
            save((record) => {
              if (text === '') delete record.default
              else if (record.type === 'number') record.default = Number(text)
              else if (record.type === 'boolean')
                record.default = ['true', '1', '是', 'yes'].includes(text.toLowerCase())
              else record.default = text
            })
          }}
        />
      </td>
      <td>
        <IconButton
          size="small"
          icon="trash"
          label={t('variables.remove', { name: variable.name })}
          onClick={() =>
            draft.commit(
              (document) => {
                delete document.variables[variable.id]
              },
              { label: 'variable' },
            )
          }
        />
      </td>
    </tr>
  )
}
