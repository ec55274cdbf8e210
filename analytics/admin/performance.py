"""The tab with the figures of a campaign, each by its one definition, and the table as a file."""

from typing import Any

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils import timezone
from django.utils.functional import cached_property

from analytics import breakdowns, trends
from analytics.admin.period_form import PeriodForm
from analytics.kpis import figures_of
from analytics.periods import Period
from analytics.report import report, rows
from campaigns.admin.tabs import CampaignTab, register_tab
from desk import charts, csv_writing
from desk.charts import Chart, Series
from desk.parts import Empty


@register_tab
class Performance(CampaignTab):
    """Figures against goals, referrals by day, step, channel and referrer, in a period that stands in the address."""

    slug = "performance"
    label = "Performance"
    order = 80
    permission = "referrals.view_referral"
    help = "performance"
    how = "Every figure has one definition, the same in reports and exports. The period is in the address."
    template_name = "analytics/performance.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The page, or with `download=csv` the table by channel as a file."""
        if request.GET.get("download") == "csv" and self.form.is_valid():
            return self._download()
        return self.render_to_response(self.get_context_data(**kwargs), status=200 if self.form.is_valid() else 422)

    @cached_property
    def form(self) -> PeriodForm:
        """The period as chosen."""
        return PeriodForm(self.request.GET, campaign=self.campaign, at=timezone.now())

    @cached_property
    def days(self) -> Period:
        """The period."""
        return self.form.chosen()

    @cached_property
    def record(self) -> dict[str, Any]:
        """Every figure, as `manage.py figures` answers it."""
        return report(self.campaign, self.days, at=timezone.now())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Cards, chart, steps, channels, referrers."""
        start, end = self.days.start, self.days.end
        cost = breakdowns.cost(self.campaign, start, end)
        return super().get_context_data(
            form=self.form,
            days=self.days,
            figures=figures_of(self.record, self.campaign.goals, cost, self.campaign.currency),
            others=rows(self.record),
            chart=self._chart(),
            chart_empty="Nobody has signed up in this period.",
            funnel=charts.funnel(breakdowns.steps(self.campaign, start, end)),
            channels=breakdowns.shares_in_words(breakdowns.by_channel(self.campaign, start, end)),
            referrers=breakdowns.top_referrers(self.campaign, start, end),
            sees_names=self.request.user.has_perm("customers.view_customer"),
            empty=Empty("Nobody has signed up through a code of this campaign in this period."),
            query=self._query(),
            **kwargs,
        )

    def _chart(self) -> Chart:
        daily, step = trends.shown(trends.per_day(self.campaign, self.days))
        label = f"Referrals per {step}"
        if not any(daily.signed_up):
            return charts.line([], [], label=label)
        lines = [Series("Signed up", daily.signed_up), Series("Qualified of these", daily.qualified)]
        return charts.line([f"{day.day} {day:%b}" for day in daily.days], lines, label=label, labels_title=step.capitalize())

    def _query(self) -> str:
        query = self.request.GET.copy()
        query["download"] = "csv"
        return query.urlencode()

    def _download(self) -> HttpResponse:
        """The figures and the channels of the period, one below the other."""
        start, end = self.days.start, self.days.end
        figures = [("Figure", label, value, "", "") for label, value in rows(self.record)]
        channels = [
            ("Channel", one.name, one.visits, one.opened.quantize(breakdowns.SHARE), one.qualified.quantize(breakdowns.SHARE))
            for one in breakdowns.by_channel(self.campaign, start, end)
        ]
        header = ("kind", "name", "value_or_visits", "referrals", "qualified")
        name = f"{self.campaign.slug}-{self.days.first}-{self.days.last}.csv"
        lines = csv_writing.write(header, [*figures, *channels])
        return StreamingHttpResponse(  # type: ignore[return-value]
            lines, content_type="text/csv; charset=utf-8", headers={"Content-Disposition": f'attachment; filename="{name}"'}
        )
