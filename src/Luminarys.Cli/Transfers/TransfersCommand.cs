using System.Collections.Immutable;
using System.Globalization;
using Luminarys.Transfers;

namespace Luminarys.Cli.Transfers;

/// <summary>Lists the transfers of a cluster, and gives one up.</summary>
internal static class TransfersCommand
{
    /// <summary>Prints one on each line, those that run first.</summary>
    public static Task<int> ListAsync(ConfigurationSource configuration, TextWriter output, TextWriter errors) =>
        OperatorSession.RunAsync(configuration, errors, async (client, cancellationToken) =>
        {
            var (transfers, refusal) = await client.ListAsync(cancellationToken);
            if (refusal is not null)
            {
                return Fail(refusal, errors);
            }

            foreach (var transfer in transfers)
            {
                await output.WriteLineAsync(Line(transfer));
            }

            if (transfers.IsEmpty)
            {
                await errors.WriteLineAsync("no transfer runs, and none has ended lately");
            }

            return ExitCode.Ok;
        });

    /// <summary>Gives up the one whose name begins so.</summary>
    public static Task<int> CancelAsync(string name, ConfigurationSource configuration, TextWriter output, TextWriter errors) =>
        OperatorSession.RunAsync(configuration, errors, async (client, cancellationToken) =>
        {
            var (transfers, refusal) = await client.ListAsync(cancellationToken);
            if (refusal is not null || Find(transfers, name, out refusal) is not { } transfer)
            {
                return Fail(refusal!, errors);
            }

            refusal = await client.CancelAsync(transfer.Id, cancellationToken);
            if (refusal is not null)
            {
                return Fail(refusal, errors);
            }

            await output.WriteLineAsync($"cancelled {NameOf(transfer)}; what has come is kept on {transfer.Destination.Node} for a while");
            return ExitCode.Ok;
        });

    /// <summary>One line of the list.</summary>
    public static string Line(TransferProgress transfer)
    {
        var who = transfer.Skill.Length > 0 ? $"{transfer.Skill} on {transfer.Requester}" : $"{transfer.Requester}";
        return $"{NameOf(transfer)}  {How(transfer)}  {transfer.Source} -> {transfer.Destination}  for {who}";
    }

    private static string How(TransferProgress transfer) => transfer switch
    {
        { IsDone: true } => $"done, {TransferText.Bytes(transfer.Length)}",
        { State: TransferState.Ended } => $"failed, {transfer.Fault}",
        { State: TransferState.Waiting } => "waiting",
        _ => TransferText.Amounts(transfer).TrimStart(),
    };

    private static string NameOf(TransferProgress transfer) => transfer.Id.ToString("x32", CultureInfo.InvariantCulture);

    private static TransferProgress? Find(ImmutableArray<TransferProgress> transfers, string name, out TransferRefusal? refusal)
    {
        var matches = transfers.Where(transfer => NameOf(transfer).StartsWith(name, StringComparison.OrdinalIgnoreCase)).ToList();
        refusal = matches.Count == 1 ? null
            : new(TransferFault.NotFound, matches.Count == 0 ? $"the master knows no transfer '{name}'" : $"'{name}' begins the names of {matches.Count} transfers");
        return matches.Count == 1 ? matches[0] : null;
    }

    private static int Fail(TransferRefusal refusal, TextWriter errors)
    {
        errors.WriteLine($"error: {refusal.Fault}: {refusal.Text}");
        return ExitCode.TransferFailed;
    }
}
