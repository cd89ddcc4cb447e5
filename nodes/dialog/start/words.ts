import type { LocalText } from '#kit'

/** What visitors may say, as it comes: phrases, separated by commas. Authors add their own in the form. */
export const phrases = {
  aside: {
    'zh-CN':
      '顺便问一下，顺便问下，顺便问，顺便，对了，另外问一下，另外，再问一下，先问一下，问一下，问下，想问下，想问一下，请问，等一下，等等，等下，等会',
    en: 'by the way, btw, one more thing, another question, one question, quick question, quick q, before that, wait, hold on, hang on',
  },
  correction: {
    'zh-CN':
      '不对，不是，错了，又错了，说错了，写错了，输错了，打错了，填错了，选错了，点错了，看错了，记错了，弄错了，搞错了，又写错了，我说错了，我写错了，单号错了，单号写错了，订单号错了，订单号写错了，电话错了，电话写错了，手机号写错了，日期错了，日期写错了，邮箱写错了，地址写错了，不好意思，抱歉，啊不对，哦不对，等等不对，我是说，我的意思是，应该是，改成，改为，改到，换成，更正，更正一下，其实是，哦不，不对是，不是是，错了是，说错了是，写错了是，打错了是',
    en: "no, sorry, no I meant, I meant, I mean, I meant to say, sorry I meant, actually, actually it is, actually it's, actually no, correction, my mistake, my bad, change it to, change that to, make it, make that, it should be, rather, oops, wrong, wrong one, wrong number, wrong date, wrong colour, typo, sorry typo, no it is, no it's, sorry it is, sorry it's, wait no, wait actually, sorry no, oh no, scratch that",
  },
  cancel: {
    'zh-CN':
      '取消，取消掉，全部取消，算了，不用了，不用弄了，不弄了，不办了，不搞了，不填了，不退了，我不退了，不买了，我不买了，不要了，我不要了，我不弄了，不想弄了，不想办了，不想要了，先不弄了，先不办了，不需要了，没事了，放弃，退出，停，停止，停下',
    en: 'cancel, cancel that, cancel this, cancel it, cancel everything, never mind, nevermind, never mind that, nvm, forget it, forget that, forget about it, stop, stop it, stop this, quit, exit, abort, drop it, leave it, scrap that, call it off, changed my mind, I changed my mind',
  },
  restart: {
    'zh-CN':
      '重新开始，从新开始，从头开始，重头开始，重来，重来一遍，重新来，重新来过，重新来一遍，从头来，从头再来，重置，回到开头，回到首页，返回首页，回主菜单，返回主菜单，主菜单',
    en: 'start over, start all over, start again, start afresh, start from scratch, start from the beginning, restart, begin again, reset, main menu, back to start, back to the start, go back to the start, from the beginning',
  },
  repeat: {
    'zh-CN':
      '再说一遍，再说一次，再说一下，再讲一遍，再发一遍，再发一次，重复一遍，重复一下，没看清，没看清楚，没听清，没听清楚，看不清，什么，啥，你说什么，你说啥，刚才说什么，刚才说啥，刚说什么',
    en: 'repeat, repeat that, repeat it, say that again, say it again, say again, come again, pardon, pardon me, what, what did you say, what was that, what was that again, what was the question, once more, one more time, huh, I missed that',
  },
  person: {
    'zh-CN':
      '转人工，转接人工，接人工，人工，人工客服，人工服务，找人工，叫人工，真人，真人客服，找客服，叫客服，转客服，联系客服，找个人，换人，找人，活人，客服，客服电话，在线客服，不要机器人，不想跟机器人，不想和机器人，找你们经理，叫你们经理，找店长',
    en: 'human, a person, real person, real human, actual person, actual human, live person, agent, live agent, human agent, talk to someone, speak to someone, speak with someone, talk to somebody, speak to somebody, talk to a human, speak to a human, speak with a human, talk to a person, speak to a person, speak with a person, talk to an agent, speak to an agent, talk to your manager, speak to a manager, speak to your manager, talk to a manager, representative, customer service, customer support, operator, no bots',
  },
  upset: {
    'zh-CN':
      '垃圾，骗子，骗人，投诉，举报，气死，烦死，恶心人，太差了，太烂了，烂透了，太坑了，坑人，坑爹，无语，什么玩意，什么破，耍我，滚蛋，滚开，去死，他妈，妈的，特么，尼玛，傻逼，傻叉，智障，脑残，白痴，忽悠人，受够了，差评，消协，12315',
    en: 'ridiculous, useless, terrible service, awful service, worst, scam, scammers, fraud, liar, liars, pathetic, disgusting, unacceptable, furious, so angry, pissed off, sick of this, fed up, waste of time, what a joke, rip off, ripoff, incompetent, complaint, sue you, lawyer, bullshit, shit, fuck, fucking, wtf, damn, crap, idiot, idiots, stupid',
  },
} satisfies Record<string, LocalText>

/** What the bot says then, as it comes. */
export const replies = {
  back: { 'zh-CN': '我们接着刚才的：', en: 'Back to where we were:' },
  corrected: { 'zh-CN': '好的，已经改过来了。', en: 'All right, I have changed that.' },
  cancelled: { 'zh-CN': '好的，已经取消。还有什么可以帮您？', en: 'All right, cancelled. What else can I do for you?' },
  restarted: { 'zh-CN': '好的，我们从头来。', en: 'All right, let us start over.' },
  repeated: {},
  person: {
    'zh-CN': '好的，我请人工客服来接待您。您可以接着留言。',
    en: 'Of course, I am passing you on to a person. You can keep writing here.',
  },
  upset: { 'zh-CN': '非常抱歉让您不满意。', en: 'I am sorry that this went wrong.' },
  reminder: { 'zh-CN': '您还在吗？我还在等您的回复。', en: 'Are you still there? I am waiting for your answer.' },
  closed: {
    'zh-CN': '一直没有收到回复，这次先到这里。需要时随时再发消息。',
    en: 'I have not heard from you, so I will leave it here. Write whenever you need me.',
  },
} satisfies Record<string, LocalText>
