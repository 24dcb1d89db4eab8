using System.Diagnostics;
using CompileTimeRouting.AspNetCore.Tests.Browser;
using CompileTimeRouting.AspNetCore.Tests.Hosting;
using Microsoft.AspNetCore.Builder;

namespace CompileTimeRouting.AspNetCore.Tests.Dashboard;

/// <summary>The dashboard in a real browser, over real servers of which one is killed.</summary>
public sealed class DashboardTests
{
    private const string NoScrolling = "document.documentElement.scrollWidth <= document.documentElement.clientWidth";

    [Fact]
    public async Task Page_shows_the_nodes_at_work_and_a_killed_replica_within_two_seconds()
    {
        await using var page = await BrowserPage.StartAsync();
        await using var cluster = await WebCluster.StartAsync();
        await using var host = await WebHost.StartAsync(
            cluster,
            null,
            static app => app.MapRoutingDashboard(configure: static options => (options.AllowAnonymous, options.IncludeHosts) = (true, true)),
            static options => (options.Replicas[0].Weight, options.Replicas[1].Weight) = (0.75, 0.25));
        using var stop = new CancellationTokenSource();
        var load = ReadAsync(new NoteBook(host.Db), stop.Token);
        var address = host.App.Urls.First();
        await page.LookAsync(1280, 900, "light");
        await page.OpenAsync(address + "/routing");

        // It loads.
        await page.WaitAsync("document.querySelectorAll('.node[data-state=Up]').length === 3 && document.querySelectorAll('#routes tbody tr').length > 0");
        Assert.Equal("● healthy", await TextAsync(page, "#status"));
        Assert.Equal("Writes go to primary; 2 of 2 replicas serve reads.", await TextAsync(page, "#summary"));
        Assert.Equal("primary", await TextAsync(page, "#primary h3"));
        Assert.Equal(["replica-1", "replica-2"], await page.EvalAsync<string[]>("[...document.querySelectorAll('#replicas h3')].map(e => e.textContent)"));

        // It updates: the reads are counted, in the shares of the weights.
        var asked = await TextAsync(page, "#asked");
        await page.WaitAsync($"document.querySelector('#asked').textContent !== '{asked}' && /^7[345] %, by weight 75 %$/.test(document.querySelector('#reads tbody tr:nth-child(2) td').firstChild.textContent)");
        await page.WaitAsync("[...document.querySelectorAll('#lag path, #pools path')].filter(p => p.getAttribute('d').includes('L')).length === 5");

        // Whatever a name holds is text.
        Assert.Contains("<b>analytics</b>", await TextAsync(page, "#routes tbody"), StringComparison.Ordinal);
        Assert.Equal(0, await page.EvalAsync<int>("document.querySelectorAll('#routes b').length"));
        await page.FillAsync("#find", "notebook insert notes write");
        Assert.Equal(0, await ShownAsync(page));
        await page.FillAsync("#find", "notebook write notes");
        Assert.Equal(1, await ShownAsync(page));
        await page.FillAsync("#find", "");

        // Where nothing was killed, nothing is told.
        Assert.DoesNotContain("is down", await TextAsync(page, "#changes"), StringComparison.Ordinal);
        var watch = Stopwatch.StartNew();
        await cluster.Replicas[0].KillAsync();
        await page.WaitAsync("document.querySelector('[data-node=replica-1]').dataset.state === 'Down'");
        TestContext.Current.TestOutputHelper?.WriteLine($"The killed replica was shown after {watch.ElapsedMilliseconds} ms.");
        Assert.InRange(watch.ElapsedMilliseconds, 0, 2000);
        Assert.Contains("✕ down", await TextAsync(page, "[data-node=replica-1]"), StringComparison.Ordinal);
        Assert.Equal("▲ degraded", await TextAsync(page, "#status"));
        Assert.Contains("replica-1 is down", await TextAsync(page, "#changes li"), StringComparison.Ordinal);
        Assert.Equal("Writes go to primary; 1 of 2 replicas serve reads.", await TextAsync(page, "#summary"));

        // What is asked of those that are left they have at once: reads of before count no more.
        await page.WaitAsync("document.querySelector('#reads tbody tr:nth-child(3) td').firstChild.textContent === '100 %, by weight 100 %'", timeout: 6000);

        // No word of a table's head is broken.
        Assert.Empty(await page.EvalAsync<string[]>(BrokenWords));

        // On a phone, and in the dark.
        var light = await page.EvalAsync<string>("getComputedStyle(document.body).backgroundColor");
        foreach (var scheme in new[] { "light", "dark" })
        {
            await page.LookAsync(360, 740, scheme);
            await page.WaitAsync("document.querySelector('#lag').getAttribute('viewBox').split(' ')[2] < 360");
            Assert.True(await page.EvalAsync<bool>(NoScrolling), $"The page scrolls sideways at 360 pixels, {scheme}.");
            Assert.Equal(0, await page.EvalAsync<int>(CutOff));
            Assert.Empty(await page.EvalAsync<string[]>(Faint));
            await page.LookAsync(1280, 900, scheme);
            Assert.True(await page.EvalAsync<bool>(NoScrolling));
            Assert.Empty(await page.EvalAsync<string[]>(Faint));
        }

        Assert.NotEqual(light, await page.EvalAsync<string>("getComputedStyle(document.body).backgroundColor"));
        await stop.CancelAsync();
        await load;
        Assert.Empty(await page.ProblemsAsync());
        Assert.Equal([address], await page.OriginsAsync());

        // What is older than the charts reach back is gone from them, as after a night in another tab.
        await page.EvalAsync<object?>(Alter);
        await page.EvalAsync<object?>("void (window.alter = (state) => { state.timestamp = new Date(+new Date(state.timestamp) + 3600_000).toISOString(); })");
        await page.WaitAsync("[...document.querySelectorAll('#pools path')].length > 0 && [...document.querySelectorAll('#lag path, #pools path')].every(p => p.getAttribute('d').match(/[ML][-\\d.]+/g).every(x => Number(x.slice(1)) >= 52))", timeout: 4000);

        // A primary that wasn't asked yet is none that is missing; and a time that isn't known is not that of 1970.
        await page.EvalAsync<object?>("void (window.alter = (state) => { state.status = 'Unhealthy'; })");
        await page.WaitAsync("document.querySelector('#status').textContent === '? primary not asked yet'");
        await page.EvalAsync<object?>("void (window.alter = (state) => { [state.status, state.primary, state.primary_gone_since] = ['Unhealthy', null, null]; })");
        await page.WaitAsync("document.querySelector('#status').textContent === '✕ no primary' && document.querySelector('#summary').textContent.startsWith('Writes fail;')");

        // An application that is gone is not shown as healthy.
        await host.App.StopAsync();
        await page.WaitAsync("document.querySelector('#status').textContent === '✕ no answer from the application'");
    }

    // Words of the heads of tables that begin on one line and end on another.
    private const string BrokenWords = """
        [...document.querySelectorAll("thead th")].flatMap((head) => [...head.firstChild.textContent.matchAll(/\S+/g)].filter((word) => {
          const range = document.createRange();
          range.setStart(head.firstChild, word.index);
          range.setEnd(head.firstChild, word.index + word[0].length);
          return range.getClientRects().length > 1;
        }).map((word) => word[0]))
        """;

    // Has the page's answers altered on their way.
    private const string Alter = """
        void (() => {
          const get = window.fetch;
          window.fetch = async (url, options) => {
            const answer = await get(url, options);
            if (!String(url).endsWith("/state")) return answer;
            const state = await answer.json();
            window.alter?.(state);
            return new Response(JSON.stringify(state));
          };
        })()
        """;

    // Elements that reach beyond the window.
    private const string CutOff = "[...document.querySelectorAll('main *')].filter(e => e.getBoundingClientRect().right > innerWidth + 1 && getComputedStyle(e).clipPath === 'none' && !e.closest('thead')).length";

    // Texts whose contrast with what is behind them is less than 4.5, as WCAG 2 asks for.
    private const string Faint = """
        (() => {
          const parts = (color) => color.match(/[\d.]+/g).map(Number);
          const light = (color) => parts(color).slice(0, 3).map((v) => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4).reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
          const behind = (e) => { for (; e; e = e.parentElement) { const c = getComputedStyle(e).backgroundColor; if (parts(c)[3] !== 0) return c; } return "rgb(255, 255, 255)"; };
          return [...document.querySelectorAll("body *")].filter((e) => [...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim())).filter((e) => {
            const style = getComputedStyle(e);
            const [a, b] = [light(e instanceof SVGElement ? style.fill : style.color), light(behind(e))];
            return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05) < 4.5;
          }).map((e) => e.outerHTML.slice(0, 80));
        })()
        """;

    private static Task<string> TextAsync(BrowserPage page, string selector) => page.EvalAsync<string>($"document.querySelector('{selector}').textContent");

    private static Task<int> ShownAsync(BrowserPage page) => page.EvalAsync<int>("[...document.querySelectorAll('#routes tbody tr')].filter(row => !row.hidden).length");

    private static async Task ReadAsync(NoteBook notes, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            await notes.CountAsync(CancellationToken.None);
            await Task.Delay(5, CancellationToken.None);
        }
    }
}
