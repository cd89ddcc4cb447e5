const wanted = new URLSearchParams(location.search).get('lang') ?? (navigator.language.startsWith('zh') ? 'zh' : 'en')
const language = wanted === 'zh' ? 'zh' : 'en'

document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en'
document.title = language === 'zh' ? '小舟商城' : 'Little Boat Shop'
for (const element of document.querySelectorAll('[data-zh]')) element.textContent = element.dataset[language]

const button = document.getElementById('language')
button.textContent = language === 'zh' ? 'English' : '中文'
button.lang = language === 'zh' ? 'en' : 'zh-CN'
button.addEventListener('click', () => {
  location.search = `?lang=${language === 'zh' ? 'en' : 'zh'}`
})

for (const question of document.querySelectorAll('.try button'))
  question.addEventListener('click', () => window.Botloom.ask(question.textContent))
