using System.CommandLine;
using Luminarys.Skills.Trust;
using Luminarys.Trust;

namespace Luminarys.Lmsk;

/// <summary><c>lmsk trust list</c>.</summary>
internal static class TrustListCommand
{
    public static Command Build(TextWriter output, TextWriter errors)
    {
        var directory = TrustPlace.Option();
        var command = new Command("list", "Show the keys of a trust folder, and which of them count.") { directory };
        command.SetAction((parsed, cancellationToken) => RunAsync(parsed.GetValue(directory)!, output, errors, cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(string directory, TextWriter output, TextWriter errors, CancellationToken cancellationToken)
    {
        if (await TrustPlace.ReadAsync(directory, errors, cancellationToken).ConfigureAwait(false) is not { } folder)
        {
            return LmskCommand.Failed;
        }

        var now = TimeProvider.System.GetUtcNow();
        var (store, refusal) = TrustReview.Open(folder, now);
        foreach (var record in folder.Keys.OrderBy(record => record.Name, StringComparer.Ordinal))
        {
            Write(record, store?.FindDoubt(record, now), output);
        }

        if (folder.Revocations is { } list)
        {
            output.WriteLine($"revocations number {list.Number}, expires {TrustYaml.Show(list.ExpiresAt)}, signed by {list.Voucher.Key}");
            foreach (var key in list.Keys)
            {
                output.WriteLine($"  {key}");
            }
        }

        if (folder.Keys.IsEmpty)
        {
            output.WriteLine($"{directory}: no key is trusted; add one with: lmsk trust add");
        }

        return refusal is null ? LmskCommand.Ok : LmskCommand.Fail(errors, $"{directory}: a host with this folder loads nothing: {refusal}");
    }

    private static void Write(KeyRecord record, string? doubt, TextWriter output)
    {
        output.WriteLine(record.Id);
        output.WriteLine($"  name     {InfoText.Show(record.Name)}{(record.IsDelegate ? " (delegate)" : "")}");
        output.WriteLine($"  may sign {InfoText.Show(string.Join(", ", record.Prefixes))}");
        output.WriteLine($"  status   {record.Status.ToString().ToLowerInvariant()}{Span(record)}");
        if (record.Voucher is { } voucher)
        {
            output.WriteLine($"  vouched  by {voucher.Key}");
        }

        if (doubt is not null)
        {
            output.WriteLine($"  does not count: {InfoText.Show(doubt)}");
        }
    }

    private static string Span(KeyRecord record) =>
        (record.ValidFrom is { } from ? $", from {TrustYaml.Show(from)}" : "") + (record.ValidTo is { } to ? $", to {TrustYaml.Show(to)}" : "");
}
