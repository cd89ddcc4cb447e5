import '/widget.js'

const query = new URLSearchParams(location.search)
const wanted = query.get('lang') ?? navigator.language
const language = wanted.startsWith('zh') ? 'zh' : 'en'

document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en'
document.title = language === 'zh' ? '测试版' : 'Test version'
for (const element of document.querySelectorAll('[data-zh]')) element.textContent = element.dataset[language]

const button = document.getElementById('language')
button.textContent = language === 'zh' ? 'English' : '中文'
button.lang = language === 'zh' ? 'en' : 'zh-CN'
button.addEventListener('click', () => {
  query.set('lang', language === 'zh' ? 'en' : 'zh')
  location.search = String(query)
})

const chat = document.createElement('botloom-chat')
chat.setAttribute('bot', decodeURIComponent(location.pathname.split('/')[2] ?? ''))
// Without a key the chat is refused, never the live one by mistake.
chat.setAttribute('test-key', query.get('key') || 'none')
document.body.append(chat)
document.getElementById('open').addEventListener('click', () => chat.toggle(true))
// On a wide page there is room for both; on a phone the words come first.
if (matchMedia('(min-width: 760px)').matches) chat.toggle(true)
