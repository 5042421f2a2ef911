using Luminarys.Runtime.Wasm.Abi;
using Wasmtime;

namespace Luminarys.Runtime.Wasm.HostFunctions;

/// <summary>
/// All functions of the module <c>env</c> that skills may import. A guest may import every one of them and call none, so all are defined
/// always; what is not permitted or not available answers an error when it is called.
/// </summary>
internal static class HostFunctionTable
{
    private static readonly string[] s_names =
    [
        "fs_read", "fs_write", "fs_create", "fs_delete", "fs_mkdir", "fs_ls", "fs_chmod", "fs_read_lines", "fs_grep", "fs_glob",
        "fs_allowed_dirs", "fs_copy", "disk_usage",
        "archive_pack", "archive_unpack", "archive_list",
        "http_get", "http_post", "http_request",
        "tcp_request", "tcp_connect", "tcp_set_callback", "tcp_write", "tcp_close",
        "ws_connect", "ws_send", "ws_close",
        "shell_exec",
        "sys_info", "time_now", "env_get", "log_write",
        "cluster_node_list", "file_transfer_send", "file_transfer_recv",
        "history_get", "prompt_complete",
    ];

    /// <summary>Every name, in the order of the families.</summary>
    public static IReadOnlyList<string> Names => s_names;

    /// <summary>Defines all functions. What one does is a matter of the skill whose guest calls it.</summary>
    public static void Define(Linker imports)
    {
        for (var i = 0; i < s_names.Length; i++)
        {
            var index = i;
            imports.DefineFunction(
                GuestAbi.HostModule,
                s_names[i],
                (CallerFunc<int, int, long>)((caller, pointer, length) => HostCalls.Enter(caller, index, (uint)pointer, (uint)length)));
        }
    }

    /// <summary>The functions of one skill, in the order of <see cref="Names"/>.</summary>
    public static HostFunction[] Bind(IReadOnlyCollection<IHostFunctions> families) =>
        [.. s_names.Select(name => families.Select(family => family.Find(name)).FirstOrDefault(function => function is not null)
            ?? ((_, _, _) => $"not available: {name}"))];
}
