using System.Security.Cryptography;
using System.Text;

namespace MetSeg.Reports;

/// <summary>The look of a report: light and dark, narrow and wide, screen and paper.</summary>
internal static class ReportStyle
{
    /// <summary>The style sheet; its figures and tables count themselves.</summary>
    public const string Css = """

        :root { color-scheme: light dark; --ink: #1f2328; --soft: #59636e; --line: #d5dae0; --page: #ffffff; --tint: #f4f6f8; --link: #0060a8;
          --warn-ink: #5c3a00; --warn: #fff3d6; --warn-line: #e69f00; }
        @media (prefers-color-scheme: dark) { :root { --ink: #e6e9ed; --soft: #a3adb8; --line: #3a434d; --page: #14181d; --tint: #1d232a;
          --link: #6fbdf2; --warn-ink: #ffe0a3; --warn: #3a2b0b; --warn-line: #e69f00; } }
        * { box-sizing: border-box; }
        html { -webkit-text-size-adjust: 100%; scroll-behavior: smooth; }
        body { margin: 0 auto; padding: 1.5rem 1rem 3rem; max-width: 68rem; color: var(--ink); background: var(--page);
          font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", Arial, sans-serif; counter-reset: figure table;
          overflow-wrap: break-word; }
        h1 { margin: 0.2rem 0; font-size: 1.75rem; line-height: 1.25; }
        h2 { margin: 2.4rem 0 0.8rem; padding-bottom: 0.3rem; border-bottom: 1px solid var(--line); font-size: 1.3rem; }
        h3 { margin: 1.6rem 0 0.5rem; font-size: 1.05rem; }
        p, ul { max-width: 46rem; margin: 0.6rem 0; }
        a { color: var(--link); }
        .subtitle { margin: 0 0 1rem; color: var(--soft); }
        .banner { max-width: none; margin: 0 0 1.2rem; padding: 0.5rem 0.9rem; border: 1px solid var(--warn-line); border-left-width: 6px;
          border-radius: 4px; background: var(--warn); color: var(--warn-ink); font-weight: 600; }
        nav ul { display: flex; flex-wrap: wrap; gap: 0.3rem 1.2rem; max-width: none; margin: 0; padding: 0; list-style: none; }
        figure { margin: 1.2rem 0; }
        figcaption, .note { max-width: 46rem; font-size: 0.9rem; color: var(--soft); }
        .picture figcaption { margin-top: 0.4rem; }
        .picture figcaption::before { counter-increment: figure; content: "Figure " counter(figure) ". "; font-weight: 600; color: var(--ink); }
        .table figcaption { margin-bottom: 0.4rem; }
        .table figcaption::before { counter-increment: table; content: "Table " counter(table) ". "; font-weight: 600; color: var(--ink); }
        img { display: block; max-width: 100%; height: auto; border-radius: 4px; }
        .wide img { min-width: 40rem; }
        .grid { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 26rem), 1fr)); gap: 0 1.5rem; }
        .scroll { overflow-x: auto; }
        table { border-collapse: collapse; font-size: 0.92rem; border-top: 2px solid var(--ink); border-bottom: 2px solid var(--ink); }
        th, td { padding: 0.32rem 0.8rem; text-align: left; }
        th { border-bottom: 1px solid var(--ink); vertical-align: bottom; }
        tbody tr + tr td { border-top: 1px solid var(--line); }
        tbody tr.group td { border-top: 1px solid var(--ink); }
        .sentences { width: 100%; }
        .sentences td { vertical-align: top; }
        .sentences td:last-child { min-width: 22rem; }
        .box { margin: 0.8rem 0; padding: 0.2rem 0.9rem; border: 1px solid var(--warn-line); border-radius: 4px; background: var(--tint); }
        .box ul { max-width: 56rem; padding-left: 1.1rem; }
        .box li { margin: 0.35rem 0; }
        .number { text-align: right; font-variant-numeric: tabular-nums; }
        dl { display: grid; gap: 0 1rem; margin: 0.6rem 0; font-size: 0.95rem; }
        dl div { display: grid; grid-template-columns: minmax(8rem, 14rem) minmax(0, 1fr); gap: 0 1rem; padding: 0.25rem 0;
          border-bottom: 1px solid var(--line); }
        dt { color: var(--soft); }
        dd { margin: 0; }
        summary { cursor: pointer; color: var(--link); }
        pre { overflow-x: auto; padding: 0.8rem; border-radius: 4px; background: var(--tint); font-size: 0.85rem; line-height: 1.45; }
        footer { margin-top: 3rem; padding-top: 0.6rem; border-top: 1px solid var(--line); font-size: 0.9rem; color: var(--soft); }
        @media print { :root { --ink: #000; --soft: #444; --line: #bbb; --page: #fff; --tint: #fff; --link: #000; --warn: #fff; --warn-ink: #000; }
          body { max-width: none; padding: 0; font-size: 10.5pt; } nav { display: none; }
          .scroll, pre { overflow: visible; } .wide img { min-width: 0; }
          th, td, pre { white-space: pre-wrap; } .picture, tr { break-inside: avoid; } h2, h3, .table figcaption { break-after: avoid; }
          .grid { grid-template-columns: 1fr 1fr; } }

        """;

    /// <summary>
    /// The page's content security policy: this style sheet, pictures inside the page, and nothing else; no script, no request, no form.
    /// </summary>
    public static string ContentSecurityPolicy { get; } =
        $"default-src 'none'; img-src data:; style-src 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Css)))}'; "
        + "base-uri 'none'; form-action 'none'";
}
