// What the page asks of its server, and what the server tells it.

export async function act(path, body) {
  let answer;
  try {
    answer = await fetch(`/api/${path}`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });
  } catch {
    return { refused: "The sandbox does not answer." };
  }
  const told = await answer.json();
  if (!answer.ok) throw new Error(told.error);
  return told;
}

export async function sendFile(phone, file, caption) {
  const form = new FormData();
  form.append("file", file, file.name);
  form.append("caption", caption);
  const answer = await fetch(`/api/phones/${phone}/document`, { method: "POST", body: form });
  if (!answer.ok) throw new Error((await answer.json()).error);
}

export const fileAddress = (phone, message) => `/api/phones/${phone}/files/${message}`;

export function listen({ onsection, onmoment, onconnected }) {
  const source = new EventSource("/api/feed");
  source.addEventListener("open", () => onconnected(true));
  source.addEventListener("error", () => onconnected(false));
  source.addEventListener("message", (event) => {
    const told = JSON.parse(event.data);
    if (told.moment) onmoment(told.moment);
    else onsection(told.section, told.content);
  });
  addEventListener("pagehide", () => source.close());
}
