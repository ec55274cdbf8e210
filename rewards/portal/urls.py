"""Addresses of a customer's own pages, below `/my/`."""

from django.urls import path, re_path

from rewards.portal.views import about_me, browsers, entering, given, home, loans, sharing, voices

urlpatterns = [
    path("", home.overview, name="my_home"),
    path("sign-in/", entering.ask, name="my_door"),
    path("code/", entering.code, name="my_code"),
    path("in/", entering.enter, name="my_enter"),
    path("in/<str:key>/", entering.link, name="my_link"),
    path("again/", entering.again, name="my_again"),
    path("out/", entering.leave, name="my_out"),
    path("browsers/", browsers.signed_in, name="my_browsers"),
    path("loans/", loans.all_loans, name="my_loans"),
    path("loans/<slug:reference>/", loans.loan, name="my_loan"),
    path("loans/<slug:reference>/withdraw/", loans.withdraw, name="my_loan_withdraw"),
    re_path(r"^loans/(?P<reference>[\w-]+)/(?P<kind>handover|return)\.pdf$", loans.receipt, name="my_receipt"),
    re_path(rf"^loans/(?P<reference>[\w-]+)/(?P<name>{'|'.join(loans.ACTS)})/$", loans.act, name="my_loan_act"),
    path("share/", sharing.share, name="my_share"),
    path("share/<slug:code>/text/", sharing.text, name="my_share_text"),
    path("share/<slug:code>/promo/", sharing.promo, name="my_share_promo"),
    path("share/<slug:code>/wish/", sharing.wish, name="my_share_wish"),
    path("share/<slug:code>/name/", sharing.name, name="my_share_name"),
    path("leaderboard/", voices.ranks, name="my_leaderboard"),
    path("story/", voices.tell, name="my_story"),
    path("help/", voices.ask, name="my_help"),
    path("feedback/", voices.liked, name="my_feedback"),
    path("friends/", home.all_friends, name="my_friends"),
    path("friends/<slug:reference>/", home.friend, name="my_friend"),
    path("numbers/", given.numbers, name="my_numbers"),
    path("rewards/", given.rewards, name="my_rewards"),
    path("rewards/<slug:reference>/", given.reward, name="my_reward"),
    path("rewards/<slug:reference>/object/", given.object_to, name="my_reward_object"),
    path("rewards/<slug:reference>/choose/", given.choose, name="my_reward_choose"),
    path("account/", given.statement, name="my_account"),
    path("more/", home.more, name="my_more"),
    path("preferences/", about_me.preferences, name="my_preferences"),
    path("news/", about_me.consent, name="my_consent"),
    path("data/", about_me.data, name="my_data"),
    re_path(r"^data/(?P<reference>[\w-]+)\.(?P<form>html|json)$", about_me.copy, name="my_copy"),
    path("forget-me/", about_me.erase, name="my_erase"),
]
