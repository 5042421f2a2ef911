// Speed as ratios: each benchmark measures a floor and ours in the same run, on the same machine, and prints both.
//   dotnet run -c Release --project bench/Luminarys.Benchmarks -- [RegistryLookup] [LocalInvocation] [InstanceCosts] [RemoteInvocation] [ClusterScale]
using Luminarys.Benchmarks;
using Luminarys.Benchmarks.Remote;

if (args is [PartnerProgram.Verb, .. var role])
{
    return await PartnerProgram.RunAsync(role);
}

var all = new Dictionary<string, Func<Task>>(StringComparer.OrdinalIgnoreCase)
{
    [nameof(RegistryLookup)] = RegistryLookup.RunAsync,
    [nameof(LocalInvocation)] = LocalInvocation.RunAsync,
    [nameof(InstanceCosts)] = InstanceCosts.RunAsync,
    [nameof(RemoteInvocation)] = RemoteInvocation.RunAsync,
    [nameof(ClusterScale)] = ClusterScale.RunAsync,
};

var unknown = args.Where(name => !all.ContainsKey(name)).ToList();
if (unknown.Count > 0)
{
    await Console.Error.WriteLineAsync($"unknown benchmark {string.Join(", ", unknown)}; known: {string.Join(", ", all.Keys)}");
    return 1;
}

Measurement.PrintHeader();
foreach (var (name, run) in all)
{
    if (args.Length == 0 || args.Contains(name, StringComparer.OrdinalIgnoreCase))
    {
        await run();
    }
}

return 0;
